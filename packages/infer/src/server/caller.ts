/**
 * @file Who may ask a server that listens on this machine alone: a page that makes its name point here (DNS rebinding) or
 * sends forms from another site may not.
 */
import { isIP } from 'node:net';
import { shortText } from '@jetsdk/jets';
import { refusal } from './refusal.js';

/** Whether a server on that address is reached from this machine only. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1)$/i.test(host);

/**
 * @param listening name or address that the server listens on
 * @param host value of the header `Host`
 * @param origin value of the header `Origin`, where a page asks
 * @throws {JetError} with status 421 if the request was meant for another host, 403 if a page of another site sent it
 */
export function requireLocalCaller(listening: string, host: string | undefined, origin: string | undefined): void {
  const name = nameOf(host ?? '');
  if (name === undefined || !(isIP(name) > 0 || name === 'localhost' || name === listening.toLowerCase()))
    throw refusal(
      421,
      'BAD_ARGUMENT',
      `Host ${shortText(host ?? 'is missing', 60)}; expected an address, localhost or ${listening}; use the address that the server tells`,
    );
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`.toLowerCase())
    throw refusal(403, 'BAD_ARGUMENT', `a page of ${shortText(origin, 60)} asks; expected one of this server`);
}

/** The host name or address of `name:port`. */
function nameOf(host: string): string | undefined {
  const [, six, name] = /^(?:\[([0-9a-f:.]+)\]|([^:/@\s]+))(?::\d+)?$/i.exec(host) ?? [];
  return (six ?? name)?.toLowerCase();
}
