// A step of the build: makes the embedded database's image, so that the first start is as quick as the second.
import { openFromImage } from './shared/image.ts';

const database = await openFromImage();
await database.close();
