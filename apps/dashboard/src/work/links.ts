/** @file Addresses of files on other servers. */
import { isJetError, JetError } from '@jetsdk/jets';

/** The name of the file that an address leads to; of `model.onnx`, as registries call every model, with its folder. */
export function fileName(address: string): string {
  const parts = new URL(address).pathname.split('/').map(decodeURIComponent);
  const name = parts.at(-1) || address;
  return name === 'model.onnx' && parts.length > 2 ? parts.slice(-2).join('/') : name;
}

const LOOPBACK = ['localhost', '127.0.0.1'];

/**
 * @param text an address, which may be relative to the page
 * @throws {JetError} BAD_ARGUMENT if the page may not fetch from there
 */
export function linkedAddress(text: string, page: string): string {
  const { href, origin, protocol, hostname } = URL.canParse(text, page) ? new URL(text, page) : new URL('about:blank');
  const own = origin === new URL(page).origin;
  if (own || protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname))) return href;
  throw new JetError(
    'BAD_ARGUMENT',
    `${text}: cannot be opened by link; expected an address that begins with https://; download the file and open it here`,
    { address: text },
  );
}

/** What to say of a link that cannot be fetched: browsers do not tell a server that is silent from one that refuses other sites. */
export function linkProblem(address: string, error: unknown): unknown {
  const { origin, host } = new URL(address);
  if (!isJetError(error, 'REMOTE') || origin === self.location.origin || !(error.cause instanceof TypeError))
    return error;
  return new JetError(
    'REMOTE',
    `${address}: ${host} does not answer, or does not let other sites read it; expected Access-Control-Allow-Origin in its answer; download the file and open it here, or ask those who run ${host}`,
    { address },
    { cause: error },
  );
}
