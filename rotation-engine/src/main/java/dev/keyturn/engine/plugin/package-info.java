/** Finds plugins. The only user of {@link java.util.ServiceLoader}. */
@NullMarked
package dev.keyturn.engine.plugin;

import org.jspecify.annotations.NullMarked;
