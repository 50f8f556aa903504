/** @file SVG in the page. */
import { useLayoutEffect, useRef } from 'preact/hooks';

/** A picture without whatever could act in the page, should a name out of a file have become part of it. */
export function Drawing({ svg }: { readonly svg: string }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current!.replaceChildren(...inert(svg)), [svg]);
  return <div ref={place} />;
}

const ACTIVE = 'script, foreignObject, iframe, object, embed, animate, set, use, a, link, meta';

function inert(svg: string): readonly Node[] {
  const { body } = new DOMParser().parseFromString(svg, 'text/html');
  for (const element of body.querySelectorAll(ACTIVE)) element.remove();
  for (const element of body.querySelectorAll('*'))
    for (const name of element.getAttributeNames()) if (/^on|href$/i.test(name)) element.removeAttribute(name);
  return [...body.childNodes];
}
