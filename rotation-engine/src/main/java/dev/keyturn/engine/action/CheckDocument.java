package dev.keyturn.engine.action;

import dev.keyturn.engine.rotation.CheckReport;
import dev.keyturn.engine.secretmanager.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A check's report as the JSON document that the shell prints. Its fields are an interface: docs/deploying.md. */
final class CheckDocument {

    private CheckDocument() {
    }

    static ObjectNode of(CheckReport report) {
        ObjectNode document = Json.object();
        document.put("ok", report.ok());
        if (!report.secretId().isEmpty()) {
            document.put("secretId", report.secretId());
        }
        ArrayNode accounts = document.putArray("accounts");
        for (CheckReport.Finding finding : report.accounts()) {
            ObjectNode account = accounts.addObject().put("key", finding.label()).put("target", finding.target()).put("user", finding.user());
            ObjectNode stages = account.putObject("stages");
            finding.stages().forEach((stage, standing) -> stages.put(stage.label(), standing));
            account.put("tls", finding.tls()).put("ready", finding.ready()).put("admin", finding.admin()).put("overlap", finding.overlap());
            finding.rights().forEach(account.putArray("rights")::add);
        }
        report.wouldDo().forEach(document.putArray("wouldDo")::add);
        report.warnings().forEach(document.putArray("warnings")::add);
        report.error().ifPresent(error -> ResultDocument.put(document, error));
        return document;
    }
}
