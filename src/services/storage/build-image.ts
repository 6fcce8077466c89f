// A step of the build: makes the embedded database's image, so that the first start is as quick as
// the second.
import { loadImage } from './pglite-image.ts';

await loadImage();
