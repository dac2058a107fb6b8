package dev.keyturn.engine.secretmanager;

import tools.jackson.databind.JsonNode;

/** What is known after one call. The texts hold no secret and no body. */
public sealed interface Reply {

    /**
     * Done, and confirmed.
     *
     * @param data what came along; a null node or a text where the contract promises nothing
     */
    record Success(JsonNode data) implements Reply {
        @Override
        public String toString() {
            return "Success";
        }
    }

    /**
     * A definite no: not done.
     *
     * @param status the HTTP status, 4xx
     * @param code Secret Manager's own code, or an empty text
     * @param what the answer for people
     */
    record Refused(int status, String code, String what) implements Reply {
    }

    /**
     * Not done, and worth another try: no connection came about.
     *
     * @param what the answer for people
     */
    record NotDone(String what) implements Reply {
    }

    /**
     * Not done, because too many calls came at once: worth waiting for.
     *
     * @param what the answer for people
     */
    record Throttled(String what) implements Reply {
    }

    /**
     * Maybe done: no reply, a server error, or a reply that is none.
     *
     * @param what the answer for people
     */
    record Unclear(String what) implements Reply {
    }
}
