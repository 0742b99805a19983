/* libzip: archives read from memory, entry by entry. */
#include <zip.h>
