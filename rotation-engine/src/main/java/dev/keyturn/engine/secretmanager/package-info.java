/** Secret Manager's rotation-job contract: the calls, their replies, the chain. The only user of {@code java.net.http}. */
@NullMarked
package dev.keyturn.engine.secretmanager;

import org.jspecify.annotations.NullMarked;
