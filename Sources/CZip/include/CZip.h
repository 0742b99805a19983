/* libzip: archives read from memory, entry by entry.
 *
 * The library brings libcrypto along, whose relocation takes longer than a demo's first frame should, so it is
 * opened when an archive has something to inflate: CZip.c stands for the functions that are called in
 * ModelFiles. */
#ifndef GS_ZIP_H
#define GS_ZIP_H
/* What stands for the library's functions is seen in the program alone. */
#define ZIP_EXTERN
#include <zip.h>

/* Opens the library; 0 where it is not there. Before that no other function may be called. */
int gs_zip_load(void);

#endif
