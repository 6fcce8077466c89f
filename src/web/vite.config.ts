// Builds the pages of src/web into dist/web: plain files, served by the gateway under a policy without inline scripts.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('graphiql/', import.meta.url)),
  base: '/graphiql/',
  build: {
    outDir: fileURLToPath(new URL('../../dist/web/graphiql/', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: false,
    // Monaco alone is over the limit that warns about large chunks.
    chunkSizeWarningLimit: 8_000,
    rolldownOptions: {
      onwarn(warning, warn) {
        // "use client" in a package means nothing to a bundle that runs in the browser only.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  worker: { format: 'es' },
});
