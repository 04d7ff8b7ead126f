"""Python's own names that TensorFlow 1's scripts use: of Python 2, and of 3 up to 3.7."""

import collections
import collections.abc
import functools
import html
import importlib
import importlib.util
import inspect
import itertools
import math
import sys
import time

from tf1gan.legacy.names import Later, Restored

# Builtins of Python 2; dropped by 3.0.
BUILTINS = dict(xrange=range, raw_input=input, unicode=str, basestring=str, long=int, unichr=chr,
                reduce=functools.reduce, reload=importlib.reload, intern=sys.intern,
                cmp=lambda a, b: (a > b) - (a < b), buffer=memoryview)

# Modules under the name that they had in Python 2; renamed by 3.0.
RENAMED = {
    "cPickle": "pickle", "Queue": "queue", "ConfigParser": "configparser",
    "StringIO": "io", "cStringIO": "io", "Tkinter": "tkinter", "commands": "subprocess",
    "copy_reg": "copyreg", "httplib": "http.client", "cookielib": "http.cookiejar",
    "HTMLParser": "html.parser", "urlparse": "urllib.parse", "thread": "_thread",
    "SocketServer": "socketserver", "__builtin__": "builtins",
}


def modules():
    """Name of a top-level module -> function that gives it as the scripts knew it."""
    made = {old: functools.partial(importlib.import_module, new) for old, new in RENAMED.items()}
    made.update(urllib=_urllib, urllib2=_urllib, time=_time, collections=_collections,
                fractions=_fractions, inspect=_inspect, cgi=_cgi, base64=_base64,
                string=_string, itertools=_itertools)
    return made


def _urllib():
    """urllib and urllib2; divided by 3.0."""
    names = {}
    for part, wanted in (("request", ("urlretrieve", "urlopen", "Request", "build_opener",
                                      "install_opener", "HTTPHandler", "urlcleanup")),
                         ("parse", ("quote", "unquote", "quote_plus", "urlencode")),
                         ("error", ("URLError", "HTTPError"))):
        for name in wanted:
            names[name] = Later(lambda part=part, name=name: getattr(
                importlib.import_module(f"urllib.{part}"), name))
    return Restored("urllib", importlib.import_module("urllib"), names)


def _time():
    return Restored("time", time, dict(clock=time.process_time))            # 3.8


def _collections():
    names = {name: getattr(collections.abc, name) for name in collections.abc.__all__
             if not hasattr(collections, name)}                             # 3.10
    return Restored("collections", collections, names)


def _fractions():
    return Restored("fractions", importlib.import_module("fractions"), dict(gcd=math.gcd))  # 3.9


def _inspect():
    spec = collections.namedtuple("ArgSpec", "args varargs keywords defaults")

    def getargspec(function):
        return spec(*inspect.getfullargspec(function)[:4])
    return Restored("inspect", inspect, dict(getargspec=getargspec, ArgSpec=spec))      # 3.11


def _cgi():
    return Restored("cgi", None, dict(escape=html.escape))                  # 3.8


def _base64():
    base64 = importlib.import_module("base64")
    return Restored("base64", base64, dict(encodestring=base64.encodebytes,
                                           decodestring=base64.decodebytes))    # 3.9


def _string():
    string = importlib.import_module("string")
    return Restored("string", string, dict(                                 # 3.0
        letters=string.ascii_letters, lowercase=string.ascii_lowercase,
        uppercase=string.ascii_uppercase, maketrans=str.maketrans, join=lambda words, sep=" ":
        sep.join(words)))


def _itertools():
    return Restored("itertools", itertools, dict(                           # 3.0
        izip=zip, imap=map, ifilter=filter, izip_longest=itertools.zip_longest,
        ifilterfalse=itertools.filterfalse))


