"""Says of each answer whether OneLogin's SAML library would take it: {"settings", "answers"} in, one word each out."""

import json
import sys
from urllib.parse import urlparse

from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings


def verdict(case):
    acs = urlparse(case["acsUrl"])
    settings = OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {
                "entityId": case["audience"],
                "assertionConsumerService": {"url": case["acsUrl"]},
                "x509cert": case["ownCertificate"],
                "privateKey": case["ownKey"],
            },
            "idp": {
                "entityId": case["entityId"],
                "singleSignOnService": {"url": "https://idp.example/sso"},
                "x509cert": case["certificate"],
            },
            "security": {
                "wantNameId": True,
                "wantAssertionsEncrypted": case["requireEncryption"],
                "rejectDeprecatedAlgorithm": True,
                "allowRepeatAttributeName": False,
            },
        }
    )
    request = {
        "https": "on" if acs.scheme == "https" else "off",
        "http_host": acs.netloc,
        "script_name": acs.path,
        "post_data": {"SAMLResponse": case["answer"]},
    }
    try:
        response = OneLogin_Saml2_Response(settings, case["answer"])
        if not response.is_valid(request, case["requestId"]):
            return "refused"
        # The name is read when somebody asks for it, and attributes are.
        response.get_attributes()
        return response.get_nameid()
    except Exception:
        return "refused"


print(json.dumps([verdict(case) for case in json.load(sys.stdin)]))
