/* Lets syncs fail as on a broken disk while the file that FAILING_SYNC names is there; loaded by LD_PRELOAD. */
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int sync_or_fail(long call, int file) {
  const char *marker = getenv("FAILING_SYNC");
  if (marker != NULL && access(marker, F_OK) == 0) {
    errno = EIO;
    return -1;
  }
  return (int)syscall(call, file);
}

int fsync(int file) { return sync_or_fail(SYS_fsync, file); }
int fdatasync(int file) { return sync_or_fail(SYS_fdatasync, file); }
