/** Words that all parts of the engine share: steps, error codes, failures. Not an API for plugins. */
@NullMarked
package dev.keyturn.engine;

import org.jspecify.annotations.NullMarked;
