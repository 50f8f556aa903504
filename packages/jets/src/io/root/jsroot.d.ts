/** JSROOT comes without types; `Jsroot` in rootFile.ts is what is used of it. */
declare module 'jsroot/io';
