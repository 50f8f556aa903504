/** Where in a user's file something was thrown, for a message; empty if that is not known. */
export function lineOf(error: unknown): string {
  const frame =
    error instanceof Error
      ? (error.stack ?? '')
          .split('\n')
          .find((line) => line.includes('file://') && !/node_modules|\/packages\/\w+\/(dist|src)\//.test(line))
      : undefined;
  const [, file, line] = /([^/\\]+?)(?:\?\w+)?:(\d+)(?::\d+)?\)?$/.exec(frame ?? '') ?? [];
  return file === undefined ? '' : ` in line ${line} of ${file}`;
}
