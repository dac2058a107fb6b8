/** Users of Redis and Valkey. */
@NullMarked
package dev.keyturn.plugin.redis;

import org.jspecify.annotations.NullMarked;
