window.YTD.account.part0 = [
  {
    "account": {
      "email": "post@nordvik.example",
      "createdVia": "web",
      "username": "politinordvik",
      "accountId": "7001",
      "createdAt": "2011-06-23T13:04:14.000Z",
      "accountDisplayName": "Politiet i Nordvik 🚓"
    }
  }
]