/** SQL Server: logins of an instance, and contained users of a database. */
@NullMarked
package dev.keyturn.plugin.mssql;

import org.jspecify.annotations.NullMarked;
