window.YTD.tweets.part1 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000012"
          ],
          "editableUntil": "2026-01-01T00:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "286"
      ],
      "favorite_count": "2",
      "id_str": "1700000000000000012",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000012",
      "created_at": "Wed Feb 04 10:00:00 +0000 2026",
      "favorited": false,
      "full_text": "Slik unngår du å bli svindlet på nett. Del aldri BankID med noen, heller ikke om de sier at de ringer fra banken eller fra oss. Politiet ber deg aldri om å flytte penger. Politiet ber deg aldri om å flytte penger. Politiet ber deg aldri om å flytte penger. Politiet ber … https://t.co/n",
      "lang": "no"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000013"
          ],
          "editableUntil": "2026-01-01T00:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "4"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000013",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000013",
      "created_at": "Wed Feb 04 11:00:00 +0000 2026",
      "favorited": false,
      "full_text": "שלום",
      "lang": "iw"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000014"
          ],
          "editableUntil": "2026-01-01T00:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "8"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000014",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000014",
      "created_at": "Wed Foo 04 11:00:00 +0000 2026",
      "favorited": false,
      "full_text": "Gal dato",
      "lang": "no"
    }
  },
  {
    "tweet": {
      "full_text": "uten id",
      "created_at": "Wed Feb 04 11:30:00 +0000 2026",
      "lang": "no"
    }
  }
]