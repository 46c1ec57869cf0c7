window.YTD.tweet.part0 = [
  {
    "retweeted": false,
    "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
    "entities": {
      "hashtags": [],
      "symbols": [],
      "user_mentions": [],
      "urls": [],
      "media": [
        {
          "expanded_url": "https://twitter.com/politinordvik/status/1/photo/1",
          "indices": [
            "10",
            "33"
          ],
          "url": "https://t.co/a",
          "media_url_https": "https://pbs.twimg.com/media/a.jpg",
          "id_str": "9",
          "type": "photo",
          "sizes": {
            "small": {
              "w": "680",
              "h": "383",
              "resize": "fit"
            }
          },
          "ext_alt_text": "Officers and children around a patrol car"
        }
      ]
    },
    "display_text_range": [
      "0",
      "23"
    ],
    "favorite_count": "5",
    "id_str": "900000000000000001",
    "truncated": false,
    "retweet_count": "0",
    "id": "900000000000000001",
    "created_at": "Sat Sep 02 10:00:00 +0000 2017",
    "favorited": false,
    "full_text": "Open day https://t.co/a",
    "lang": "en",
    "extended_entities": {
      "media": [
        {
          "expanded_url": "https://twitter.com/politinordvik/status/1/photo/1",
          "indices": [
            "10",
            "33"
          ],
          "url": "https://t.co/a",
          "media_url_https": "https://pbs.twimg.com/media/a.jpg",
          "id_str": "9",
          "type": "photo",
          "sizes": {
            "small": {
              "w": "680",
              "h": "383",
              "resize": "fit"
            }
          },
          "ext_alt_text": "Officers and children around a patrol car"
        },
        {
          "expanded_url": "https://twitter.com/politinordvik/status/1/photo/1",
          "indices": [
            "10",
            "33"
          ],
          "url": "https://t.co/a",
          "media_url_https": "https://pbs.twimg.com/media/a.jpg",
          "id_str": "9",
          "type": "photo",
          "sizes": {
            "small": {
              "w": "680",
              "h": "383",
              "resize": "fit"
            }
          },
          "ext_alt_text": "photo"
        }
      ]
    }
  },
  {
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
      "34"
    ],
    "favorite_count": "0",
    "id_str": "900000000000000002",
    "truncated": false,
    "retweet_count": "0",
    "id": "900000000000000002",
    "created_at": "Sat Sep 02 11:00:00 +0000 2017",
    "favorited": false,
    "full_text": "@politinordvik more at the station",
    "lang": "en",
    "in_reply_to_screen_name": "politinordvik"
  }
]