// A tutorial page: prose, and blocks of code that are run in order.
//   ```sh          commands
//   ```js          a program
//   ```js NAME     a file of that name; the same in any language
//   ```text        what the block before it wrote to standard output
//   ![…](pictures/PAGE/NAME.svg)   a picture that the blocks wrote to pictures/NAME.svg
const FENCE = /^```(\w+)(?: (\S+))?\n(.*?)^```\n/gms;
const PICTURE = /^!\[([^\]]*)\]\(pictures\/[\w-]+\/([\w.-]+)\)$/gm;

/** The parts of a page in their order: `{ text }`, or `{ language, file, code, output }`. */
export function partsOf(page) {
  const parts = [];
  let at = 0;
  for (const { 0: all, 1: language, 2: file, 3: code, index } of page.matchAll(FENCE)) {
    const text = page.slice(at, index);
    at = index + all.length;
    if (language === 'text' && text.trim() === '' && parts.length > 0) parts.at(-1).output = code;
    else parts.push({ text }, { language, file, code });
  }
  return [...parts, { text: page.slice(at) }].filter(({ text }) => text === undefined || text.trim() !== '');
}

/** The page of some parts. */
export function pageOf(parts) {
  const fence = (language, code) => `\`\`\`${language}\n${code}\`\`\`\n`;
  return parts
    .map(({ text, language, file, code, output = '' }) =>
      text !== undefined
        ? `\n${text.trim()}\n`
        : `\n${fence(file === undefined ? language : `${language} ${file}`, code)}${output === '' ? '' : `\n${fence('text', output)}`}`,
    )
    .join('')
    .trimStart();
}

/** Names of the pictures of a text, with what they show. */
export const picturesOf = (text) => [...text.matchAll(PICTURE)].map(([line, shows, name]) => ({ line, shows, name }));
