package dev.keyturn.probe;

import java.util.Locale;
import java.util.function.Supplier;

/** A server that clients log in to. It is asked without its plugin, by its driver alone. */
interface Target extends AutoCloseable {

    /** The servers that there are. */
    enum Kind {
        POSTGRESQL("PostgreSQL", Postgresql::new),
        MYSQL("MySQL", Mysql::new),
        REDIS("Redis", Redis::new),
        MSSQL("SQL Server stand-in", Mssql::new);

        final String label;
        private final Supplier<Target> starter;

        Kind(String label, Supplier<Target> starter) {
            this.label = label;
            this.starter = starter;
        }

        boolean available() {
            return this != MYSQL || Mysql.available();
        }

        Target start() {
            return starter.get();
        }

        String type() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The name or address that its certificate holds. */
    String host();

    int port();

    /** PEM text of the authority behind its certificate; empty where it has no TLS. */
    String ca();

    /** Each account has the same rights. Where the target can hold two passwords, the account may. */
    void create(Account account);

    /** One login on a connection of its own. May be called from several threads. */
    Answer login(Account account);

    /**
     * Sets another password as the platform's sample does, by the account itself and with the value in the statement, and logs in with
     * it. Over TLS where the server has it, as a rotation would.
     */
    void changeAndTest(Account account, String to);

    @Override
    void close();
}
