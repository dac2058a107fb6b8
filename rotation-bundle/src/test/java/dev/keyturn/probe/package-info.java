/** What clients see while a secret rotates: docs/zero-downtime.md. */
@NullMarked
package dev.keyturn.probe;

import org.jspecify.annotations.NullMarked;
