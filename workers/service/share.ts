/** Photos that another app shares wait in a cache until the page takes them. */
import { SHARED_CACHE, SHARED_NAME } from '../../src/core/serviceRequest';

/** Field of the form, as the manifest names it. */
const FIELD = 'photos';
const MOST_PHOTOS = 200;

/** @returns the way to the page. What is no form brings no photos, and the page says so. */
export async function receiveShare(request: Request): Promise<Response> {
  const form = await request.formData().catch(() => new FormData());
  const photos = form.getAll(FIELD).filter((entry) => entry instanceof File);
  const cache = await caches.open(SHARED_CACHE);
  for (const photo of photos.slice(0, MOST_PHOTOS)) {
    const headers = {
      'Content-Type': photo.type || 'application/octet-stream',
      // Halves of characters cannot be encoded.
      [SHARED_NAME]: encodeURIComponent(photo.name.toWellFormed()),
    };
    await cache.put(`./shared/${crypto.randomUUID()}`, new Response(photo, { headers }));
  }
  return Response.redirect('./?shared', 303);
}
