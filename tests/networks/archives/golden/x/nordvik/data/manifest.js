window.__THAR_CONFIG = {
  "userInfo": {
    "accountId": "7001",
    "userName": "politinordvik",
    "displayName": "Politiet i Nordvik 🚓"
  },
  "archiveInfo": {
    "sizeBytes": "123",
    "generationDate": "2026-02-10T04:05:06.789Z",
    "isPartialArchive": false,
    "maxPartSizeBytes": "53687091200"
  },
  "readmeInfo": {
    "fileName": "data/README.txt",
    "directory": "data/",
    "name": "README.txt"
  },
  "dataTypes": {
    "tweets": {
      "mediaDirectory": "data/tweets_media",
      "files": [
        {
          "fileName": "data/tweets.js",
          "globalName": "YTD.tweets.part0",
          "count": "9"
        }
      ]
    }
  }
}