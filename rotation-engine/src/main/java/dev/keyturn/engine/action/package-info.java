/** Where a run begins: the action's entry point, the shell, the arguments and the result. The only user of Gson. */
@NullMarked
package dev.keyturn.engine.action;

import org.jspecify.annotations.NullMarked;
