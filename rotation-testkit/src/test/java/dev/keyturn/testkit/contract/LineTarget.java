package dev.keyturn.testkit.contract;

import static dev.keyturn.testkit.contract.LineSyntax.quoted;

import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSchema.Field;
import dev.keyturn.api.TargetSession;
import java.io.IOException;

/** The plugin that is right. The wrong ones differ from it in one thing each. */
public class LineTarget implements RotationTarget {

    private static final TargetSchema SCHEMA = TargetSchema.of(Field.required(Credential.HOST), Field.required(Credential.PORT),
            Field.required(Credential.USER), Field.required(Credential.PASSWORD));

    /** For ServiceLoader. */
    public LineTarget() {
    }

    @Override
    public String type() {
        return "line";
    }

    @Override
    public TargetSchema schema() {
        return SCHEMA;
    }

    @Override
    public PasswordRules passwordRules() {
        return PasswordRules.standard().withUnicode().withMaxBytes(LineServer.MOST_BYTES);
    }

    @Override
    public boolean connectsAhead() {
        return true;
    }

    @Override
    public TargetSession open(Credential credential, TargetContext context) throws TargetException {
        Line line = line();
        try {
            line.connect(host(credential), credential.port(), context.loginMillis());
            await(line, context);
            login(line, credential);
            return session(new Login(line, credential, context, who(line)));
        } catch (IOException e) {
            close(line);
            throw lost(e);
        } catch (TargetException | RuntimeException e) {
            close(line);
            throw e;
        }
    }

    /** What a session is made of. */
    record Login(Line line, Credential credential, TargetContext context, String identity) {
    }

    Line line() {
        return new Line();
    }

    String host(Credential credential) throws TargetException {
        return credential.host();
    }

    /** From here on the time counts anew. */
    void await(Line line, TargetContext context) throws TargetException {
        context.beforePassword();
        line.within(context.loginMillis());
    }

    void login(Line line, Credential credential) throws IOException, TargetException {
        String answer = line.ask("AUTH " + quoted(credential.user()) + " " + quoted(credential.password()));
        if (!answer.equals("OK")) {
            throw refusedLogin(answer);
        }
    }

    TargetException refusedLogin(String answer) {
        return new TargetException(answer.equals("ERR WRONG") ? Kind.REJECTED : Kind.MISCONFIGURED,
                "the server refused the login (" + answer + ")");
    }

    TargetException lost(IOException e) {
        return new TargetException(Kind.UNREACHABLE, "no answer to the login (" + e.getClass().getSimpleName() + ")");
    }

    String who(Line line) throws IOException, TargetException {
        return line.ask("WHO").substring("OK ".length());
    }

    TargetSession session(Login login) {
        return new LineSession(login);
    }

    void close(Line line) {
        quietly(line);
    }

    static void quietly(Line line) {
        try {
            line.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }
}
