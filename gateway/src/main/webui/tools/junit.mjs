/** Vitest's report as one suite of JUnit's form, of which the totals of all modules are made. */
export function junit(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  // A file that could not be loaded has no tests that could fail.
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const failed = tests.filter((one) => one.status === 'failed');
  const skipped = tests.filter((one) => one.status !== 'failed' && one.status !== 'passed');
  const cases = [
    ...tests.map((one) => testcase(one.fullName, one.duration ?? 0, one.failureMessages ?? [])),
    ...broken.map((file) => testcase(file.name, 0, [file.message])),
  ];
  const count = tests.length + broken.length;
  const failures = failed.length + broken.length;
  return {
    tests: count,
    failures,
    xml:
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<testsuite name="webui" tests="${count}" failures="${failures}" errors="0" skipped="${skipped.length}">\n` +
      `${cases.join('\n')}\n</testsuite>\n`,
  };
}

function testcase(name, ms, messages) {
  const head = `  <testcase classname="webui" name="${escaped(name)}" time="${(ms / 1000).toFixed(3)}"`;
  return messages.length === 0 ? `${head}/>` : `${head}><failure>${escaped(messages.join('\n'))}</failure></testcase>`;
}

function escaped(text) {
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
