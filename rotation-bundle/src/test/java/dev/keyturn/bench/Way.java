package dev.keyturn.bench;

import dev.keyturn.bundle.EveryTarget;
import java.nio.file.Path;

/** How a target is reached by its driver alone: as safely as the plugin does, with what the driver does by default. */
enum Way {

    POSTGRESQL(EveryTarget.POSTGRESQL, "PostgreSQL", "org.postgresql.Driver",
            "jdbc:postgresql://localhost:{port}/postgres?sslmode=verify-full&assumeMinServerVersion=10&sslrootcert={folder}/{type}.pem",
            "ALTER ROLE \"{user}\" PASSWORD '{to}'"),
    MYSQL(EveryTarget.MYSQL, "MySQL", "com.mysql.cj.jdbc.Driver",
            "jdbc:mysql://localhost:{port}/?sslMode=VERIFY_IDENTITY&cacheServerConfiguration=true&elideSetAutoCommits=true&characterSetResults=UTF-8"
                    + "&trustCertificateKeyStoreUrl=file:{folder}/{type}.p12"
                    + "&trustCertificateKeyStoreType=PKCS12&trustCertificateKeyStorePassword=" + Way.STORE_PASSWORD,
            "ALTER USER USER() IDENTIFIED BY '{to}' REPLACE '{from}'"),
    REDIS(EveryTarget.REDIS, "Redis", "", "redis:{port}", "SETUSER {user} <{from} >{to}"),
    MSSQL(EveryTarget.MSSQL, "SQL Server (stand-in)", "com.microsoft.sqlserver.jdbc.SQLServerDriver",
            "jdbc:sqlserver://{host}:{port};encrypt=true;connectRetryCount=0;trustStoreType=PKCS12;trustStore={folder}/{type}.p12;trustStorePassword="
                    + Way.STORE_PASSWORD,
            "ALTER LOGIN [{user}] WITH PASSWORD = N'{to}' OLD_PASSWORD = N'{from}'");

    /** Of files with a certificate that is no secret. */
    static final String STORE_PASSWORD = "changeit";

    final EveryTarget target;
    final String label;
    final String driver;
    final String statement;
    private final String address;

    Way(EveryTarget target, String label, String driver, String address, String statement) {
        this.target = target;
        this.label = label;
        this.driver = driver;
        this.address = address;
        this.statement = statement;
    }

    String address(int port, Path folder) {
        return address.replace("{port}", Integer.toString(port)).replace("{host}", target.host()).replace("{type}", target.type())
                .replace("{folder}", folder.toString());
    }
}
