/** Tests of the plugin, and {@link dev.keyturn.plugin.mssql.TdsStandIn}, which they and other modules' tests talk to. */
package dev.keyturn.plugin.mssql;
