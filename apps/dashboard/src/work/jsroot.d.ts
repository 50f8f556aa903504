/** JSROOT comes without types; `Jsroot` of `@jetsdk/jets/files` is what is used of it. */
declare module 'jsroot/io';
