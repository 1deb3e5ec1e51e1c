"""Why another computer was not reached, by what Python calls it: for whoever can do something about it."""

from huiyin.core.text import Text

TROUBLES: dict[str, Text] = {
    "gaierror": Text("找不到这台主机", "there is no such host"),
    "TimeoutError": Text("没有应答；防火墙或者端口不对", "no answer came; a firewall, or another port"),
    "ConnectionRefusedError": Text("拒绝连接；端口不对", "the connection is refused; its port is another"),
    "SSLCertVerificationError": Text("它的证书不可信", "its certificate is not trusted"),
    "SSLError": Text("加密没有建立", "no TLS with it"),
}
