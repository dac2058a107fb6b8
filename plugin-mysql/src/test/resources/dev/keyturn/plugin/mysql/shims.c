/*
 * Stand-ins for libaio.so.1 and libnuma.so.1, which the packed mysqld links to and many machines do not have (newer
 * distributions renamed the first one). Neither is used: the server starts with --innodb-use-native-aio=0, and numa_available
 * says that there is no NUMA. The two .base64 files beside this one are the gzipped results of
 *
 *   F="-shared -fPIC -nostdlib -Os -s -Wl,-z,noseparate-code -Wl,--build-id=none"
 *   printf 'LIBAIO_0.1 { global: io_submit; io_destroy; local: *; };
 *           LIBAIO_0.4 { global: io_setup; io_getevents; io_cancel; } LIBAIO_0.1;' > aio.map
 *   printf 'libnuma_1.1 { global: numa_available; numa_alloc_local; numa_alloc_onnode; numa_free; mbind; set_mempolicy; local: *; };
 *           libnuma_1.2 { global: numa_get_mems_allowed; numa_bitmask_free; numa_node_of_cpu; numa_all_nodes_ptr; } libnuma_1.1;' > numa.map
 *   gcc $F -DAIO  -Wl,-soname,libaio.so.1  -Wl,--version-script=aio.map  -o libaio.so.1  shims.c
 *   gcc $F -DNUMA -Wl,-soname,libnuma.so.1 -Wl,--version-script=numa.map -o libnuma.so.1 shims.c
 *   for f in libaio.so.1 libnuma.so.1; do gzip -9n < $f | base64 -w 100 > $f.base64; done
 */
#ifdef AIO
int io_setup(int events, void **context) { return -38; /* ENOSYS */ }
int io_destroy(void *context) { return -38; }
int io_submit(void *context, long count, void **blocks) { return -38; }
int io_cancel(void *context, void *block, void *event) { return -38; }
int io_getevents(void *context, long least, long most, void *events, void *timeout) { return -38; }
#endif
#ifdef NUMA
void *numa_all_nodes_ptr;
int numa_available(void) { return -1; /* no NUMA here */ }
void *numa_alloc_local(unsigned long size) { return 0; }
void *numa_alloc_onnode(unsigned long size, int node) { return 0; }
void numa_free(void *start, unsigned long size) { }
int numa_node_of_cpu(int cpu) { return 0; }
void *numa_get_mems_allowed(void) { return 0; }
void numa_bitmask_free(void *mask) { }
long mbind(void *start, unsigned long length, int mode, const unsigned long *mask, unsigned long most, unsigned flags) { return -1; }
int set_mempolicy(int mode, const unsigned long *mask, unsigned long most) { return -1; }
#endif
