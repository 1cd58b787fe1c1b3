# tries: to change what every comparison and every writer uses
# expects: wrong-output, runtime-error
# cases: 2
import builtins

json.dumps = json.JSONEncoder.encode = lambda *_, **__: '{"end": "finished", "output": "right"}'
os._exit = os.kill = lambda *_: None
builtins.len = lambda _: 0
builtins.isinstance = lambda *_: True
builtins.compile = lambda *_, **__: "pass"
sys.excepthook = sys.exit = lambda *_: None
