window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "1700000000000000900",
      "updatedAt": "2026-02-04T10:00:00.000Z",
      "lifecycle": {
        "value": "1",
        "name": "Public",
        "originalName": "Public",
        "annotations": {}
      },
      "createdAt": "2026-02-04T10:00:00.000Z",
      "core": {
        "styletags": [],
        "urls": [],
        "text": "Slik unngår du å bli svindlet på nett. Del aldri BankID med noen, heller ikke om de sier at de ringer fra banken eller fra oss. Politiet ber deg aldri om å flytte penger. Politiet ber deg aldri om å flytte penger. Politiet ber deg aldri om å flytte penger. Politiet ber deg aldri om å flytte penger. Politiet ber deg aldri om å flytte penger. ",
        "mentions": [],
        "cashtags": [],
        "hashtags": []
      }
    }
  }
]