/**
 * Changes the password of a MySQL or MariaDB account.
 *
 * <p>{@link dev.keyturn.plugin.mysql.MysqlTarget} is the plugin. {@code Login} opens the one connection with {@code DriverParts},
 * {@code Statements} speak on it, {@code AccountSession} is what both servers have in common, {@code MysqlSession} and
 * {@code MariadbSession} are where they differ.
 */
@NullMarked
package dev.keyturn.plugin.mysql;

import org.jspecify.annotations.NullMarked;
