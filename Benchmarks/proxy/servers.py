"""The site, the proxies that are compared, and the authority that they trust; all in /srv, on loopback."""
import os
import pathlib
import shutil
import socket
import subprocess
import time

SRV = pathlib.Path("/srv")
SITE = "bench.test"
TLS_PORT, PLAIN_PORT = 8443, 8080


def write(name, text):
    path = SRV / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=SRV)


def make_authority():
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out",
            "ca.pem", "-days", "30", "-subj", "/CN=Benchmark", "-addext", "basicConstraints=critical,CA:true", "-addext",
            "keyUsage=critical,keyCertSign,cRLSign")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "site.key", "-out",
            "site.csr", "-subj", f"/CN={SITE}")
    write("site.ext", f"subjectAltName=DNS:{SITE}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:false\n")
    openssl("x509", "-req", "-in", "site.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
            "-extfile", "site.ext", "-out", "site.pem")


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def until_accepting(name, port, process, seconds=60):
    limit = time.monotonic() + seconds
    while not accepts(port):
        if process.poll() is not None or time.monotonic() > limit:
            raise SystemExit(f"{name} does not listen on port {port}; its words are in {SRV}/{name}.log:\n"
                             + (SRV / f"{name}.log").read_text()[-2000:])
        time.sleep(0.01)


def start(name, command, port, **environment):
    """A server that stays in the foreground and writes what it says to its log."""
    with open(SRV / f"{name}.log", "ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   env={**os.environ, **environment}, cwd=SRV)
    until_accepting(name, port, process)
    return process


NGINX = """
daemon off; worker_processes 1; pid {name}.pid; error_log {name}.error crit; user root;
worker_rlimit_nofile 200000;
events {{ worker_connections 50000; }}
http {{
    access_log off; keepalive_requests 100000000; keepalive_timeout 600s; sendfile on; tcp_nopush on;
    ssl_certificate /srv/site.pem; ssl_certificate_key /srv/site.key; ssl_session_cache shared:one:10m;
    client_body_temp_path /srv/{name}.body; proxy_temp_path /srv/{name}.proxy; fastcgi_temp_path /srv/{name}.fastcgi;
    uwsgi_temp_path /srv/{name}.uwsgi; scgi_temp_path /srv/{name}.scgi;
    {servers}
}}
"""


def start_site():
    (SRV / "www").mkdir(exist_ok=True)
    (SRV / "www/tiny").write_bytes(b"hello, world\n")
    (SRV / "www/large").write_bytes(os.urandom(100_000))
    with open(SRV / "www/bulk", "wb") as bulk:
        bulk.truncate(1 << 30)
    servers = (f"server {{ listen 127.0.0.1:{TLS_PORT} ssl http2 backlog=4096; listen 127.0.0.1:{PLAIN_PORT}; "
               "http2_max_requests 100000000; root /srv/www; }")
    return start("site", ["nginx", "-p", "/srv", "-c", write("site.conf", NGINX.format(name="site", servers=servers))],
                 TLS_PORT)


def start_nginx(port):
    servers = (f"upstream site {{ server 127.0.0.1:{TLS_PORT}; keepalive 256; keepalive_requests 100000000; }} "
               f"upstream plain {{ server 127.0.0.1:{PLAIN_PORT}; keepalive 256; keepalive_requests 100000000; }} "
               f"server {{ listen 127.0.0.1:{port} ssl http2 backlog=4096; http2_max_requests 100000000; location / {{ "
               "proxy_pass https://site; proxy_http_version 1.1; proxy_set_header Connection \"\"; "
               f"proxy_set_header Host {SITE}; proxy_ssl_verify on; proxy_ssl_trusted_certificate /srv/ca.pem; "
               f"proxy_ssl_name {SITE}; proxy_ssl_server_name on; proxy_ssl_session_reuse on; "
               "proxy_max_temp_file_size 0; } }")
    return start("nginx", ["nginx", "-p", "/srv", "-c", write("nginx.conf", NGINX.format(name="nginx", servers=servers))],
                 port)


def start_squid(port):
    folder = SRV / "squid"
    folder.mkdir(exist_ok=True)
    shutil.chown(folder, "proxy")
    shutil.rmtree(SRV / "squid/certificates", ignore_errors=True)
    certgen = "/usr/lib/squid/security_file_certgen"
    subprocess.run(["setpriv", "--reuid", "proxy", "--regid", "proxy", "--clear-groups", certgen, "-c", "-s",
                    "/srv/squid/certificates", "-M", "4MB"], check=True, capture_output=True)
    write("squid/authority.pem", (SRV / "ca.pem").read_text() + (SRV / "ca.key").read_text())
    configuration = write("squid/squid.conf", f"""
http_port 127.0.0.1:{port} ssl-bump tls-cert=/srv/squid/authority.pem generate-host-certificates=on dynamic_cert_mem_cache_size=4MB
sslcrtd_program {certgen} -s /srv/squid/certificates -M 4MB
sslcrtd_children 2
acl hello at_step SslBump1
ssl_bump peek hello
ssl_bump bump all
tls_outgoing_options cafile=/srv/ca.pem
http_access allow all
cache deny all
cache_mem 8 MB
pipeline_prefetch 0
access_log stdio:/srv/squid/access.log
cache_log /srv/squid/cache.log
pid_filename /srv/squid/squid.pid
coredump_dir /srv/squid
max_filedescriptors 65536
dns_nameservers 127.0.0.1
shutdown_lifetime 0 seconds
""")
    return start("squid", ["squid", "-N", "-f", configuration], port)


def start_mitmdump(port):
    write("mitm/mitmproxy-ca.pem", (SRV / "ca.pem").read_text() + (SRV / "ca.key").read_text())
    return start("mitmdump", [os.environ["mitmdump"], "-q", "--listen-host", "127.0.0.1", "--listen-port", str(port), "--set",
                              "confdir=/srv/mitm", "--set", "ssl_verify_upstream_trusted_ca=/srv/ca.pem", "-w",
                              "/srv/mitm/flows"], port)


def lab_command(port):
    return [os.environ["lab"], "proxy", "--headless", "--listen-port", str(port), "--confdir", "/srv/lab", "--upstream-ca",
            "/srv/ca.pem", "--events", "/srv/events"]


def start_lab(port):
    return start("lab", lab_command(port), port, SWIFT_BACKTRACE="enable=no")


def tree(pid):
    """A process and all below it."""
    found = [pid]
    for each in found:
        for task in pathlib.Path(f"/proc/{each}/task").glob("*/children"):
            found += [int(word) for word in task.read_text().split()]
    return found


def cpu_seconds(pid):
    ticks = 0
    for each in tree(pid):
        fields = pathlib.Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid):
    return sum(int(line.split()[1]) * 1024 for each in tree(pid)
               for line in pathlib.Path(f"/proc/{each}/status").read_text().splitlines() if line.startswith("VmRSS"))
