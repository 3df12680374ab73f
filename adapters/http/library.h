// SPDX-License-Identifier: Apache-2.0
// libcurl, loaded when it is first needed: it brings thirty libraries with it, which would make each start of the
// program, most of which speak to nobody, take three times as long.
#pragma once

#include <string>

#include <curl/curl.h>

namespace spiritsafe {

struct CurlLibrary {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_version_info) version_info = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_reset) easy_reset = nullptr;
  decltype(&::curl_easy_perform) easy_perform = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;
  CURLcode (*easy_setopt)(CURL*, CURLoption, ...) = nullptr;
  CURLcode (*easy_getinfo)(CURL*, CURLINFO, ...) = nullptr;

  std::string fault = {};  // why it cannot be used; empty: it can
};

// The same one each time.
const CurlLibrary& curl_library();

}  // namespace spiritsafe
