// A build step: it creates the image of the embedded database, so that the first start is as fast
// as later ones.
import { loadImage } from './pglite-image.ts';

await loadImage();
