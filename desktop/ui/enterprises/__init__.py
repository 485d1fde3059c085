"""The roster 企业名册, the one-enterprise file 一企一档, and their forms."""
