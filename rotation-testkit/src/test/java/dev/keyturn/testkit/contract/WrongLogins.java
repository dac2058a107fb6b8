package dev.keyturn.testkit.contract;

import static dev.keyturn.testkit.contract.LineSyntax.quoted;

import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Plugins that are deliberately wrong, in what they say of themselves and in how they log in. */
final class WrongLogins {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private WrongLogins() {
    }

    static List<Specimen> all() {
        return List.of(
                Specimen.of(new HiddenConstructor(), Rule.DISCOVERABLE, "in a class loader of its own"),
                Specimen.of(new Unlisted(), Rule.DISCOVERABLE, "named by 0 service files").listedAs("# nobody"),
                Specimen.of(new ListedWithAnother(), Rule.DISCOVERABLE, "names [")
                        .listedAs(ListedWithAnother.class.getName() + "\n" + LineTarget.class.getName()),
                Specimen.of(new BlankType(), Rule.DESCRIPTION, "type() is"),
                Specimen.of(new ChangingType(), Rule.DESCRIPTION, "and then"),
                Specimen.of(new RefusesEverything(), Rule.RIGHT_PASSWORD, "UNREACHABLE"),
                Specimen.of(new EverythingIsUnreachable(), Rule.WRONG_PASSWORD, "UNREACHABLE").also(Rule.CRASH),
                Specimen.of(new NoProof(), Rule.WRONG_PASSWORD, "it succeeded")
                        .also(Rule.ONE_LOGIN, Rule.HUNG_HOST, Rule.CRASH, Rule.REPEAT),
                Specimen.of(new TriesAgain(), Rule.ONE_LOGIN, "refused 2 logins"),
                Specimen.of(new TriesAgainElsewhere(), Rule.ONE_LOGIN, "refused 2 logins"),
                Specimen.of(new TriesAMadeUpPassword(), Rule.ONE_LOGIN, "during a rotation that went well"),
                Specimen.of(new DeadIsRejected(), Rule.DEAD_HOST, "REJECTED"),
                Specimen.of(new SilentIsRejected(), Rule.HUNG_HOST, "REJECTED").also(Rule.INTERRUPTION),
                Specimen.of(new NoLimitAtLogin(), Rule.HUNG_HOST, "had not ended").also(Rule.INTERRUPTION),
                Specimen.of(new NoLimitAfterLogin(), Rule.HUNG_HOST, "falls silent at request 2 of 2"),
                Specimen.of(new IdentityOfTheSession(), Rule.IDENTITY, "two sessions say"),
                Specimen.of(new RulesOfAnotherTarget(), Rule.MADE_VALUES, "VALUE_REFUSED").also(Rule.HOSTILE_VALUES),
                Specimen.of(new CutsTheHost(), Rule.HOSTILE_FIELDS, "with the host"));
    }

    public static final class HiddenConstructor extends LineTarget {
        HiddenConstructor() {
        }
    }

    public static final class Unlisted extends LineTarget {
    }

    public static final class ListedWithAnother extends LineTarget {
    }

    public static final class BlankType extends LineTarget {
        @Override
        public String type() {
            return " ";
        }
    }

    public static final class ChangingType extends LineTarget {
        @Override
        public String type() {
            return "line-" + COUNT.incrementAndGet();
        }
    }

    public static final class RefusesEverything extends LineTarget {
        @Override
        public TargetSession open(Credential credential, TargetContext context) throws TargetException {
            throw new TargetException(Kind.UNREACHABLE, "not today");
        }
    }

    public static final class EverythingIsUnreachable extends LineTarget {
        @Override
        TargetException refusedLogin(String answer) {
            return new TargetException(Kind.UNREACHABLE, "something went wrong");
        }
    }

    /** Logs in only when there is something to do. */
    public static final class NoProof extends LineTarget {
        @Override
        void login(Line line, Credential credential) {
        }

        @Override
        String who(Line line) {
            return "";
        }

        @Override
        TargetSession session(Login login) {
            return new LineSession(login) {
                @Override
                public Survey survey(Credential account) throws TargetException {
                    send("AUTH " + quoted(credential.user()) + " " + quoted(credential.password()));
                    return super.survey(account);
                }
            };
        }
    }

    public static final class TriesAgain extends LineTarget {
        @Override
        void login(Line line, Credential credential) throws IOException, TargetException {
            try {
                super.login(line, credential);
            } catch (TargetException e) {
                super.login(line, credential);
            }
        }
    }

    public static final class TriesAgainElsewhere extends LineTarget {
        @Override
        public TargetSession open(Credential credential, TargetContext context) throws TargetException {
            try {
                return super.open(credential, context);
            } catch (TargetException e) {
                return super.open(credential, context);
            }
        }
    }

    public static final class TriesAMadeUpPassword extends LineTarget {
        @Override
        void login(Line line, Credential credential) throws IOException, TargetException {
            line.ask("AUTH " + quoted(credential.user()) + " \"is anybody there\"");
            super.login(line, credential);
        }
    }

    public static final class DeadIsRejected extends LineTarget {
        @Override
        TargetException lost(IOException e) {
            return e instanceof ConnectException ? new TargetException(Kind.REJECTED, "the login failed") : super.lost(e);
        }
    }

    public static final class SilentIsRejected extends LineTarget {
        @Override
        TargetException lost(IOException e) {
            return e instanceof SocketTimeoutException ? new TargetException(Kind.REJECTED, "the login failed") : super.lost(e);
        }
    }

    public static final class NoLimitAtLogin extends LineTarget {
        @Override
        void login(Line line, Credential credential) throws IOException, TargetException {
            line.within(1_000_000);
            super.login(line, credential);
        }
    }

    public static final class NoLimitAfterLogin extends LineTarget {
        @Override
        String who(Line line) throws IOException, TargetException {
            line.within(1_000_000);
            return super.who(line);
        }
    }

    public static final class IdentityOfTheSession extends LineTarget {
        @Override
        String who(Line line) throws IOException, TargetException {
            return super.who(line) + "/" + COUNT.incrementAndGet();
        }
    }

    public static final class RulesOfAnotherTarget extends LineTarget {
        @Override
        public PasswordRules passwordRules() {
            return super.passwordRules().withMaxBytes(400).withLengths(8, 20, 300);
        }
    }

    public static final class CutsTheHost extends LineTarget {
        @Override
        String host(Credential credential) throws TargetException {
            return credential.text(Credential.HOST).split("[?/;#]")[0];
        }
    }
}
