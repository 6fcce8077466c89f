// Builds the pages of src/web into dist/web: plain files, served under a policy without inline
// scripts. Without a mode it builds My Page, with `--mode graphiql` the playground: two pages that
// share no file.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => {
  const page = mode === 'graphiql' ? 'graphiql' : 'page';
  return {
    root: here(`${page}/`),
    base: `/${page}/`,
    build: {
      outDir: here(`../../dist/web/${page}/`),
      emptyOutDir: true,
      target: 'es2022',
      reportCompressedSize: false,
      // Monaco alone exceeds the limit for large chunks.
      chunkSizeWarningLimit: 8_000,
      rolldownOptions: {
        // The service worker has a fixed name: browsers look for changes of it under that name.
        ...(page === 'page' ? { input: [here('page/index.html'), here('page/service-worker.ts')] } : {}),
        output: {
          entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
        },
        onwarn(warning, warn) {
          // "use client" has no meaning in a bundle for browsers.
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
        },
      },
    },
    worker: { format: 'es' },
  };
});
