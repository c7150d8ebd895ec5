import { defineConfig } from 'vite';

export default defineConfig({
  base: '/ui/',
  build: {
    target: 'es2022',
    // Nothing inline: the page's policy takes scripts and styles from files of its own origin only.
    assetsInlineLimit: 0,
    modulePreload: false,
    license: { fileName: 'licenses.txt' },
    reportCompressedSize: false,
  },
});
