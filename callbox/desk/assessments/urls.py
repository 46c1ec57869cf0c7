"""Every address of the assessment, below /a/<agency>/."""

from django.urls import path, re_path

from callbox.desk.assessments import coding, evidence, practices, profile, review, runs, start

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    # practices
    path("practices/", practices.practices, name="practices"),
    path("practices/grounds/", practices.grounds, name="grounds_of_levels"),
    path("practices/practised/", practices.practise, name="practise"),
    path("practices/<slug:practice>/", practices.practice, name="practice"),
    path("practices/<slug:practice>/declare/", practices.declare, name="declare"),
    path("practices/<slug:practice>/target/", practices.target, name="target"),
    path("practices/<slug:practice>/target/clear/", practices.clear_target, name="clear_target"),
    path("practices/<slug:practice>/exemption/", practices.ask_exemption, name="ask_exemption"),
    path("exemptions/<int:pk>/<slug:decision>/", practices.decide_exemption, name="decide_exemption"),
    # evidence
    path("evidence/", evidence.evidence, name="evidence"),
    re_path(r"^evidence/for/(?P<condition>[A-Za-z0-9_.-]{1,80})/$", evidence.attest, name="attest"),
    path("evidence/<int:pk>/", evidence.attestation, name="attestation"),
    path("evidence/<int:pk>/document/", evidence.document, name="document"),
    path("evidence/<int:pk>/review/", evidence.review, name="review_evidence"),
    path("evidence/<int:pk>/refuse/", evidence.refuse, name="refuse_evidence"),
    path("evidence/<int:pk>/withdraw/", evidence.withdraw, name="withdraw_evidence"),
    path("evidence/<int:pk>/restore/", evidence.restore, name="restore_evidence"),
    # assessments
    path("assessments/", runs.runs, name="assessments"),
    path("assessments/upload/", start.upload, name="upload"),
    path("assessments/own-record/", start.own_record, name="own_record"),
    path("assessments/quick-check/", start.check, name="quick_check"),
    path("assessments/import/", start.from_pack, name="import_pack"),
    path("assessments/compare/", runs.compare, name="compare_assessments"),
    path("assessments/<int:pk>/", runs.run, name="assessment"),
    path("assessments/<int:pk>/progress/", runs.progress, name="progress"),
    path("assessments/<int:pk>/set-aside/", runs.rejects, name="rejects"),
    path("assessments/<int:pk>/review/", review.review, name="review"),
    path("assessments/<int:pk>/review/levels/", review.levels, name="review_levels"),
    path("assessments/<int:pk>/submit/", review.submit, name="submit"),
    path("assessments/<int:pk>/send-back/", review.send_back, name="send_back"),
    path("assessments/<int:pk>/freeze/", review.freeze, name="freeze"),
    path("assessments/<int:pk>/export/", review.export, name="export"),
    path("assessments/<int:pk>/export/pack/", review.pack, name="export_pack"),
    path("assessments/<int:pk>/export/profile.json", runs.as_json, name="export_json"),
    path("assessments/<int:pk>/export/<slug:name>.pdf", review.pdf, name="export_pdf"),
    path("assessments/<int:pk>/export/<slug:name>.<slug:ending>", review.table, name="export_table"),
    path("assessments/<int:pk>/sample/", coding.draw, name="draw_sample"),
    path("assessments/<int:pk>/<slug:verb>/", runs.act, name="act"),
    # double coding
    path("coding/<int:pk>/", coding.coding, name="coding"),
    path("coding/<int:pk>/save/", coding.code, name="code"),
]
