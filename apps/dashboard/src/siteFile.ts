/** The address of a file of the site. */
export const siteFile = (path: string): string => new URL(path, document.baseURI).href;
