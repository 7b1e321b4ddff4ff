"""The processes that are measured, as a designer would draw them: three steps in a row, and rounds without end."""

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="measures" targetNamespace="urn:anju:measures">"""
STEPS = HEAD + """
  <bpmn:process id="bench_steps" name="Three steps" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="look" name="Look" camunda:candidateGroups="subdistrict"/>
    <bpmn:scriptTask id="count" name="Count" scriptFormat="feel"><bpmn:script>share = number_of_people * 2</bpmn:script></bpmn:scriptTask>
    <bpmn:exclusiveGateway id="many" name="Many?" default="f5"/>
    <bpmn:userTask id="decide" name="Decide" camunda:candidateGroups="subdistrict"/>
    <bpmn:userTask id="decide_many" name="Decide on many" camunda:candidateGroups="subdistrict"/>
    <bpmn:exclusiveGateway id="meet"/>
    <bpmn:userTask id="file" name="File" camunda:candidateGroups="subdistrict"/>
    <bpmn:endEvent id="done"/>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="look"/>
    <bpmn:sequenceFlow id="f2" sourceRef="look" targetRef="count"/>
    <bpmn:sequenceFlow id="f3" sourceRef="count" targetRef="many"/>
    <bpmn:sequenceFlow id="f4" name="many" sourceRef="many" targetRef="decide_many">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">share &gt; 10</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f5" name="few" sourceRef="many" targetRef="decide"/>
    <bpmn:sequenceFlow id="f6" sourceRef="decide" targetRef="meet"/>
    <bpmn:sequenceFlow id="f7" sourceRef="decide_many" targetRef="meet"/>
    <bpmn:sequenceFlow id="f8" sourceRef="meet" targetRef="file"/>
    <bpmn:sequenceFlow id="f9" sourceRef="file" targetRef="done"/>
  </bpmn:process>
</bpmn:definitions>
"""
ROUNDS = HEAD + """
  <bpmn:process id="bench_rounds" name="Rounds" isExecutable="true">
    <bpmn:startEvent id="begin"/>
    <bpmn:exclusiveGateway id="again_here"/>
    <bpmn:userTask id="mend" name="Mend" camunda:candidateGroups="subdistrict"/>
    <bpmn:exclusiveGateway id="good" name="Good?" default="g4"/>
    <bpmn:endEvent id="done"/>
    <bpmn:sequenceFlow id="g1" sourceRef="begin" targetRef="again_here"/>
    <bpmn:sequenceFlow id="g2" sourceRef="again_here" targetRef="mend"/>
    <bpmn:sequenceFlow id="g3" sourceRef="mend" targetRef="good"/>
    <bpmn:sequenceFlow id="g4" name="no" sourceRef="good" targetRef="again_here"/>
    <bpmn:sequenceFlow id="g5" name="yes" sourceRef="good" targetRef="done">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">mend.good = true</bpmn:conditionExpression></bpmn:sequenceFlow>
  </bpmn:process>
</bpmn:definitions>
"""
DIAGRAMS = {"bench_steps/bench_steps.bpmn": STEPS.encode(), "bench_rounds/bench_rounds.bpmn": ROUNDS.encode()}
RULES = 50


def table(rules: int = RULES) -> bytes:
    """A decision with that many rules over a number and a word; the last one is met last."""
    rows = "".join(
        f'<rule id="r{i}"><inputEntry id="a{i}"><text>[{i * 10}..{i * 10 + 10})</text></inputEntry>'
        f'<inputEntry id="b{i}"><text>"fire", "gas"</text></inputEntry><outputEntry id="c{i}"><text>{i}</text></outputEntry></rule>'
        for i in range(rules)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="bench" name="bench" namespace="urn:anju:measures">
  <decision id="bench_rules" name="Rules"><decisionTable id="t" hitPolicy="UNIQUE">
    <input id="i1" label="Area"><inputExpression id="e1" typeRef="number"><text>area</text></inputExpression></input>
    <input id="i2" label="Kind"><inputExpression id="e2" typeRef="string"><text>kind</text></inputExpression></input>
    <output id="o1" name="level" typeRef="number"/>{rows}
  </decisionTable></decision>
</definitions>""".encode()
