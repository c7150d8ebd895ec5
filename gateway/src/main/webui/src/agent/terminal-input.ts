// What a terminal answers by itself when a program asks it: device attributes, cursor position, modes, colours, focus.
const REPORT =
  /^(?:\x1b\[[?>=]?[\d;]*c|\x1b\[\??\d+;\d+R|\x1b\[\d*n|\x1b\[\??[\d;]*\$y|\x1b\[\d+(?:;\d+)*t|\x1b\][\d;]*(?:rgb:[^\x07\x1b]*)(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\)+$/;

/**
 * Whether data of the terminal is an answer to a program and no key. While old output is shown again, its questions
 * are old ones too: an answer would reach the shell as if it had been typed.
 */
export function isReport(data: string): boolean {
  return REPORT.test(data);
}
