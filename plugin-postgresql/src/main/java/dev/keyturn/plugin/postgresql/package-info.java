/** Changes the password of a PostgreSQL role. The one public class is {@link PostgresqlTarget}. */
@NullMarked
package dev.keyturn.plugin.postgresql;

import org.jspecify.annotations.NullMarked;
