package dev.keyturn.testkit.contract;

import org.opentest4j.AssertionFailedError;

/** What the kit tests: the promise, and where to look when it is broken. "R5" and the like are the numbers of the specification. */
enum Rule {

    DISCOVERABLE("R11", "ServiceLoader finds exactly this plugin, by a public class with a public constructor without parameters",
            "META-INF/services/dev.keyturn.api.RotationTarget in the plugin's jar, and the class that it names"),
    DESCRIPTION("R11", "type, schema and password rules are well-formed and always the same",
            "type(), schema() and passwordRules(): they should return constants"),
    MADE_VALUES("R9", "the values that are made as passwordRules() says are held by the rules and by the target",
            "passwordRules(): the lengths, the symbols and the limit in bytes"),
    RIGHT_PASSWORD("SPI", "a right password is accepted",
            "open(); and the fixture: credential(), at(), tls() and options() must fit together"),
    WRONG_PASSWORD("R5", "a wrong password is REJECTED: no other kind, and no session",
            "open() must end in a real login; then the table of error codes that chooses the kind"),
    ONE_LOGIN("R6", "a login is tried once: a wrong password is refused once, and a rotation that goes well has no refused login",
            "open(): no second try, no reconnecting by the driver, no password that was not given"),
    CONNECTS_AHEAD("R6", "a plugin that connectsAhead() connects, waits in beforePassword() once in each login, for as long as it takes,"
            + " and only then sends the password; if it throws, the login ends there",
            "open(): where beforePassword() is called, limits that go on counting meanwhile, and the way out when it throws"),
    DEAD_HOST("R5", "a port where nobody listens is UNREACHABLE", "how open() treats a refused connection"),
    HUNG_HOST("R5", "a server that falls silent is given up within loginMillis, as UNREACHABLE or UNKNOWN",
            "the time limits in open(): connecting, TLS, the login, and every question after it share one limit"),
    IDENTITY("SPI", "identity() is the same for two sessions of one account on one server, before and after a change",
            "identity(): account and instance, nothing that belongs to a session, a password or a moment"),
    SURVEY("SPI", "survey() of an account in order answers, changes nothing, and may be repeated in the next session",
            "survey(), and the lock that it takes: close() has to give it back"),
    CHANGE("SPI", "after change() the new password works and the old one does not", "change()"),
    REPEAT("R3", "a change that is repeated in a new session succeeds or is a CONFLICT, and the account keeps the new password",
            "change() when the new password is live already"),
    FINISH("SPI", "a change that finishes() leaves the live password alone", "change() when change.finishes() is true"),
    REFUSED_CHANGE("R4", "a change that the target did not make leaves the live password working",
            "change() in a session whose password was replaced meanwhile: it is to compare, or to set; never to remove"),
    PUT_BACK("R4", "a change can be put back: from the new password to the one before",
            "change(); a server's password history must not be in the way"),
    HOSTILE_VALUES("R9", "every value is refused by passwordRules().refusal or works afterwards, exactly as it is",
            "quoting and encoding in change() and open(); the limits in passwordRules()"),
    HOSTILE_FIELDS("R9", "no field of a secret can change a statement or a connection setting",
            "how user, host and the other fields get into statements, URLs and driver properties"),
    OVERLAP("R10", "where survey() says overlap, a keeping change leaves both passwords working, and repeating it cuts neither off",
            "change() when keepFrom() is true; and survey(), if the target cannot do that"),
    OVERLAP_DECLARED("R10", "survey() says overlap exactly if two passwords can be live", "survey(); or the fixture's declaration"),
    RETIRE("R10", "a change that retires a value ends that value and no other of ours, and may be repeated",
            "change() when retired() is present, also when the change finishes()"),
    CRASH("R3", "wherever a connection breaks, the old or the new password works, and a new run arrives at the new one",
            "change(): it should be one statement that takes effect as a whole"),
    HONEST("R7", "success means that the new password is live; every kind but UNKNOWN means that it is not and will not be",
            "change(): no swallowed error; once the change was sent, a lost connection or a time-out is UNKNOWN"),
    CLOSES("SPI", "close() ends soon and does not throw, also when the connection is gone", "close()"),
    CHANGE_DEADLINE("SPI", "a change whose reply does not come is given up within replyMillis",
            "the read time-out of the session while change() runs"),
    INTERRUPTION("SPI", "a call that hangs ends, at the latest at its time limit, when its thread is interrupted",
            "loops that catch InterruptedException, or wait again after a time-out"),
    SILENCE("R8", "no password is shown: not by an exception, a log record, a toString, a thread's name or the console",
            "messages built from a driver's message or a statement; log levels of the driver; toString of your classes"),
    NO_CONNECTION_LEFT("SPI", "when sessions are closed and logins have failed, no connection is left",
            "close(), and every way out of open() that does not return a session"),
    NO_THREAD_LEFT("SPI", "sessions leave no threads behind", "executors and timers, the driver's too"),
    RACE("R4", "of two changes at the same time each is answered honestly, and one value is live at the end",
            "change(): compare with from() where the target can; add no value beside another"),
    ADMINISTRATOR("SPI", "an administrator's session changes the account that to() names, and no other",
            "change() in a session whose user is not to()'s");

    private final String number;
    private final String promise;
    private final String place;

    Rule(String number, String promise, String place) {
        this.number = number;
        this.promise = promise;
        this.place = place;
    }

    /** The failure of a test. */
    AssertionFailedError broken(String seen) {
        return new AssertionFailedError(text(seen));
    }

    String text(String seen) {
        return name() + " (" + number + "): " + promise + "\n  seen: " + seen + "\n  look at: " + place;
    }

    /** Says in a line what is not tested; the test goes on. */
    void untested(String why) {
        System.out.println("Keyturn contract kit: not tested: " + name() + " (" + number + "): " + why);
    }
}
