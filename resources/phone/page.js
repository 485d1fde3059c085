// The page itself: a list of visits, one visit, and the file. What is typed is kept on this phone at once.
(function () {
  var LONGEST = 1600, QUALITY = 0.82, MOST_BYTES = 44 << 20, PATIENCE_MS = 2500;
  var pack = JSON.parse(document.getElementById("pack").textContent);
  var store = null, sheets = {}, shots = {}, open = null, isUnsaved = false;

  function by(id) { return document.getElementById(id); }
  function two(number) { return (number < 10 ? "0" : "") + number; }
  function now() {
    var at = new Date();
    return at.getFullYear() + "-" + two(at.getMonth() + 1) + "-" + two(at.getDate()) + "T" +
      two(at.getHours()) + ":" + two(at.getMinutes()) + ":" + two(at.getSeconds());
  }
  function key() {
    var bytes = new Uint8Array(8);
    (window.crypto || window.msCrypto).getRandomValues(bytes);
    return "F-" + Array.prototype.map.call(bytes, function (each) { return two16(each); }).join("");
  }
  function two16(number) { return (number < 16 ? "0" : "") + number.toString(16); }
  function made(tag, more, words) {
    var node = document.createElement(tag);
    Object.keys(more || {}).forEach(function (name) {
      if (name === "class") { node.className = more[name]; } else { node.setAttribute(name, more[name]); }
    });
    if (words !== undefined) { node.textContent = words; }
    return node;
  }
  function put(parent) {
    for (var i = 1; i < arguments.length; i += 1) { parent.appendChild(arguments[i]); }
    return parent;
  }
  function say(words) { by("state").textContent = words; }

  // ---- keeping: IndexedDB, else localStorage, else nothing, which is said -------------------------------------

  // Some browsers neither open nor refuse a store of a page that was opened from a file.
  function openStore(found) {
    var name = "townsafe-" + pack.id, isAnswered = false, asked;
    function then(store) {
      if (isAnswered) { return; }
      isAnswered = true;
      found(store);
    }
    window.setTimeout(function () { then(openLocal(name)); }, PATIENCE_MS);
    try { asked = window.indexedDB.open(name, 1); } catch (error) { then(openLocal(name)); return; }
    asked.onupgradeneeded = function () { asked.result.createObjectStore("kept"); };
    asked.onerror = function () { then(openLocal(name)); };
    asked.onsuccess = function () {
      var base = asked.result;
      then({
        all: function (done) {
          var found = {}, reading = base.transaction("kept").objectStore("kept").openCursor();
          reading.onsuccess = function () {
            var cursor = reading.result;
            if (!cursor) { return done(found); }
            found[cursor.key] = cursor.value;
            cursor.continue();
          };
        },
        set: function (name, value, fail) {
          var act = base.transaction("kept", "readwrite");
          if (value === null) { act.objectStore("kept").delete(name); } else { act.objectStore("kept").put(value, name); }
          act.onerror = act.onabort = fail;
        }
      });
    };
  }
  function openLocal(name) {
    var local;
    try { local = window.localStorage; local.setItem(name, "1"); } catch (error) { return null; }
    return {
      all: function (done) {
        var found = {}, i, each;
        for (i = 0; i < local.length; i += 1) {
          each = local.key(i);
          if (each.indexOf(name + "/") === 0) { found[each.slice(name.length + 1)] = JSON.parse(local.getItem(each)); }
        }
        done(found);
      },
      set: function (at, value, fail) {
        try {
          if (value === null) { local.removeItem(name + "/" + at); } else { local.setItem(name + "/" + at, JSON.stringify(value)); }
        } catch (error) { fail(); }
      }
    };
  }
  function failed() { say("手机存储空间不足，刚才的内容没有存住。请马上生成结果文件。"); }
  function keep(name, value) {
    if (store) { store.set(name, value, failed); }
  }
  function changed(sheet) {
    sheet.started_at = sheet.started_at || now();
    sheet.saved_at = now();
    isUnsaved = true;
    keep("sheet:" + sheet.code, sheet);
    say(store ? "已存在本机" : "没有存在本机，请勿关闭页面");
  }
  function blank(code) {
    return { code: code, started_at: "", saved_at: "", answers: {}, findings: [], note: "", unit_person: "", pictures: [], signature: null };
  }

  // ---- the list -----------------------------------------------------------------------------------------------

  function answered(page) {
    var sheet = sheets[page.code];
    return page.items.filter(function (item) { return sheet.answers[item.code] && sheet.answers[item.code].answer; }).length;
  }
  function showList() {
    var main = by("list");
    open = null;
    main.textContent = "";
    put(main, made("p", { class: "quiet" }, pack.office + "　" + pack.shown_on + "　内部工作用页，含联系电话，不得外传"));
    if (!store) { put(main, made("p", { class: "card warn" }, "这个浏览器不能在本机保存草稿。填写中途不要关闭页面，填完马上生成结果文件。")); }
    pack.pages.forEach(function (page, place) {
      var sheet = sheets[page.code], choose = made("button", { class: "visit", id: "visit-" + page.code });
      put(choose, made("strong", {}, (place + 1) + ". " + page.enterprise), made("div", { class: "quiet" }, page.address || "—"),
        made("div", { class: "quiet" }, "编号 " + page.shown_code + "　已答 " + answered(page) + " / " + page.items.length +
          "　发现 " + sheet.findings.length + "　照片 " + sheet.pictures.length + (sheet.signature ? "　已签字" : "")));
      choose.addEventListener("click", function () { showVisit(page); });
      put(main, choose);
    });
    by("visit").hidden = true;
    main.hidden = false;
    by("back").hidden = true;
    by("title").textContent = "现场检查 " + pack.shown_on;
    window.scrollTo(0, 0);
  }

  // ---- one visit ----------------------------------------------------------------------------------------------

  var WORDS = [["good", "✓ 符合"], ["bad", "✗ 不符合"], ["not_applicable", "— 不涉及"]];

  function showVisit(page) {
    var main = by("visit"), sheet = sheets[page.code], group = "";
    open = page;
    main.textContent = "";
    put(main, facts(page));
    page.items.forEach(function (item) {
      if (item.group !== group) { group = item.group; put(main, made("div", { class: "group" }, group)); }
      put(main, itemCard(sheet, item));
    });
    put(main, made("div", { class: "group" }, "检查表以外发现的问题"), findings(sheet), made("div", { class: "group" }, "记录"), words(sheet),
      made("div", { class: "group" }, "现场照片"), put(made("div", { class: "card" }), shotsOf(sheet, "")),
      made("div", { class: "group" }, "被检查单位现场负责人签字"), signing(sheet));
    by("list").hidden = true;
    main.hidden = false;
    by("back").hidden = false;
    by("title").textContent = page.enterprise;
    window.scrollTo(0, 0);
  }
  function facts(page) {
    var card = made("div", { class: "card" }), list = made("dl");
    [["编号", page.shown_code], ["地址", page.address], ["负责人", page.principal], ["联系人", page.contact + " " + page.phone]]
      .concat(page.facts).forEach(function (each) { put(list, made("dt", {}, each[0]), made("dd", {}, each[1] || "—")); });
    put(card, list);
    page.hazards.forEach(function (each) {
      put(card, made("p", { class: "quiet" }, "未销号：" + each.description + "（" + each.level + "，" + each.status + "，期限 " + each.due + "）"));
    });
    return card;
  }
  function itemCard(sheet, item) {
    var card = made("section", { class: "card", id: "item-" + item.code }), row = made("div", { class: "answers" });
    var note = made("textarea", { placeholder: "说明（发现了什么，在哪里）", "aria-label": "说明", maxlength: "2000" });
    var kept = sheet.answers[item.code] || { answer: "", note: "" };
    put(card, made("div", {}, (item.is_major ? "★ " : "") + item.text));
    if (item.method) { put(card, made("div", { class: "quiet" }, item.method)); }
    if (item.basis) { put(card, made("div", { class: "quiet" }, item.basis + (item.doubt ? "（" + item.doubt + "）" : ""))); }
    var buttons = WORDS.map(function (each) {
      var choose = made("button", { class: each[0], "aria-pressed": String(kept.answer === each[0]) }, each[1]);
      choose.addEventListener("click", function () {
        kept.answer = kept.answer === each[0] ? "" : each[0];
        sheet.answers[item.code] = kept;
        buttons.forEach(function (other, place) { other.setAttribute("aria-pressed", String(WORDS[place][0] === kept.answer)); });
        more.hidden = kept.answer !== "bad" && !kept.note;
        changed(sheet);
      });
      put(row, choose);
      return choose;
    });
    note.value = kept.note;
    note.addEventListener("input", function () {
      kept.note = note.value;
      sheet.answers[item.code] = kept;
      changed(sheet);
    });
    var more = put(made("div"), note, shotsOf(sheet, item.code));
    more.hidden = kept.answer !== "bad" && !kept.note;
    var word = made("button", {}, "写说明、拍照");
    word.addEventListener("click", function () { more.hidden = !more.hidden; });
    put(card, row, put(made("div", { class: "row" }), word), more);
    return card;
  }
  function findings(sheet) {
    var box = made("div"), add = made("button", { id: "add-finding" }, "添加一条");
    function card(finding) {
      var one = made("section", { class: "card" }), text = made("textarea", { placeholder: "发现的问题", "aria-label": "发现的问题", maxlength: "2000" });
      var place = made("input", { type: "text", placeholder: "部位", "aria-label": "部位", maxlength: "200" });
      var cleared = made("input", { type: "checkbox" }), drop = made("button", {}, "删除这条");
      text.value = finding.text;
      place.value = finding.place;
      cleared.checked = finding.cleared;
      text.addEventListener("input", function () { finding.text = text.value; changed(sheet); });
      place.addEventListener("input", function () { finding.place = place.value; changed(sheet); });
      cleared.addEventListener("change", function () { finding.cleared = cleared.checked; changed(sheet); });
      drop.addEventListener("click", function () {
        if (finding.text && !window.confirm("删除这条发现的问题？")) { return; }
        sheet.findings.splice(sheet.findings.indexOf(finding), 1);
        sheet.pictures.forEach(function (each) { if (each.of === finding.key) { each.of = ""; } });
        one.remove();
        changed(sheet);
      });
      return put(one, text, place, put(made("label"), cleared, document.createTextNode(" 当场已整改")), shotsOf(sheet, finding.key),
        put(made("div", { class: "row" }), drop));
    }
    sheet.findings.forEach(function (each) { put(box, card(each)); });
    add.addEventListener("click", function () {
      var fresh = { key: key(), text: "", place: "", cleared: false };
      sheet.findings.push(fresh);
      box.insertBefore(card(fresh), add);
    });
    put(box, add);
    return box;
  }
  function words(sheet) {
    var card = made("div", { class: "card" }), note = made("textarea", { placeholder: "检查情况", "aria-label": "检查情况", maxlength: "4000", id: "note" });
    var person = made("input", { type: "text", placeholder: "被检查单位现场负责人姓名", "aria-label": "被检查单位现场负责人姓名", maxlength: "60", id: "person" });
    note.value = sheet.note;
    person.value = sheet.unit_person;
    note.addEventListener("input", function () { sheet.note = note.value; changed(sheet); });
    person.addEventListener("input", function () { sheet.unit_person = person.value; changed(sheet); });
    return put(card, note, person);
  }

  // ---- pictures -----------------------------------------------------------------------------------------------

  function hashed(data) {
    var raw = window.atob(data), bytes = new Uint8Array(raw.length), i;
    for (i = 0; i < raw.length; i += 1) { bytes[i] = raw.charCodeAt(i); }
    return Core.sha256(bytes);
  }
  function takeIn(canvas) {
    var data = canvas.toDataURL("image/jpeg", QUALITY).split(",")[1], name = hashed(data);
    shots[name] = data;
    keep("picture:" + name, data);
    return name;
  }
  function smaller(file, then) {
    var address = URL.createObjectURL(file), image = new Image();
    image.onload = function () {
      var share = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight)), canvas = made("canvas");
      canvas.width = Math.max(1, Math.round(image.naturalWidth * share));
      canvas.height = Math.max(1, Math.round(image.naturalHeight * share));
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(address);
      then(takeIn(canvas));
    };
    image.onerror = function () {
      URL.revokeObjectURL(address);
      say("这张照片打不开，没有加入，请重拍或换成 JPG");
    };
    image.src = address;
  }
  function shotsOf(sheet, of) {
    var box = made("div"), list = made("div", { class: "shots" }), pick = made("input", { type: "file", accept: "image/*", capture: "environment", hidden: "" });
    var album = made("input", { type: "file", accept: "image/*", multiple: "", hidden: "" }), push = made("button", {}, "拍照"), choose = made("button", {}, "从相册选");
    function draw() {
      list.textContent = "";
      sheet.pictures.filter(function (each) { return each.of === of; }).forEach(function (each) {
        var figure = made("figure"), drop = made("button", { "aria-label": "去掉这张照片" }, "×");
        drop.addEventListener("click", function () {
          if (!window.confirm("去掉这张照片？")) { return; }
          sheet.pictures.splice(sheet.pictures.indexOf(each), 1);
          changed(sheet);
          draw();
        });
        put(list, put(figure, made("img", { src: "data:image/jpeg;base64," + shots[each.sha256], alt: "照片" }), drop));
      });
    }
    function taken(event) {
      Array.prototype.forEach.call(event.target.files, function (file) {
        smaller(file, function (name) {
          if (!sheet.pictures.some(function (each) { return each.sha256 === name; })) {
            sheet.pictures.push({ sha256: name, of: of, taken_at: now() });
            changed(sheet);
          }
          draw();
        });
      });
      event.target.value = "";
    }
    pick.addEventListener("change", taken);
    album.addEventListener("change", taken);
    push.addEventListener("click", function () { pick.click(); });
    choose.addEventListener("click", function () { album.click(); });
    draw();
    return put(box, list, put(made("div", { class: "row" }), push, choose), pick, album);
  }

  // ---- signature ----------------------------------------------------------------------------------------------

  function signing(sheet) {
    var card = made("div", { class: "card" }), canvas = made("canvas", { class: "sign", id: "sign" }), again = made("button", {}, "重签"), isDown = false;
    var pen, ratio;
    function ready() {
      ratio = 2;
      canvas.width = Math.max(300, canvas.clientWidth) * ratio;
      canvas.height = 190 * ratio;
      pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.lineWidth = 3 * ratio;
      pen.lineCap = pen.lineJoin = "round";
      if (sheet.signature) {
        var image = new Image();
        image.onload = function () { pen.drawImage(image, 0, 0, canvas.width, canvas.height); };
        image.src = "data:image/jpeg;base64," + shots[sheet.signature.sha256];
      }
    }
    function at(event) {
      var edges = canvas.getBoundingClientRect();
      return [(event.clientX - edges.left) * canvas.width / edges.width, (event.clientY - edges.top) * canvas.height / edges.height];
    }
    canvas.addEventListener("pointerdown", function (event) {
      var point = at(event);
      isDown = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(point[0], point[1]);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", function (event) {
      var point = at(event);
      if (!isDown) { return; }
      pen.lineTo(point[0], point[1]);
      pen.stroke();
    });
    function lifted() {
      if (!isDown) { return; }
      isDown = false;
      sheet.signature = { sha256: takeIn(canvas), of: "", taken_at: now() };
      changed(sheet);
    }
    canvas.addEventListener("pointerup", lifted);
    canvas.addEventListener("pointercancel", lifted);
    again.addEventListener("click", function () {
      sheet.signature = null;
      ready();
      changed(sheet);
    });
    window.setTimeout(ready, 0);
    return put(card, made("div", { class: "quiet" }, "手指签名只作现场留痕，正式文书仍须本人签名。"), canvas, put(made("div", { class: "row" }), again));
  }

  // ---- the file -----------------------------------------------------------------------------------------------

  function resultText() {
    var used = {}, bytes = 0, told = pack.pages.filter(function (page) { return sheets[page.code].started_at; }).map(function (page) {
      var sheet = JSON.parse(JSON.stringify(sheets[page.code]));
      sheet.findings = sheet.findings.filter(function (each) { return each.text.trim(); });
      sheet.pictures.concat(sheet.signature ? [sheet.signature] : []).forEach(function (each) {
        used[each.sha256] = shots[each.sha256];
        bytes += shots[each.sha256].length;
      });
      return Core.sealed(sheet, page.token);
    });
    if (!told.length) { return [null, "还没有填写任何内容。"]; }
    if (bytes > MOST_BYTES) { return [null, "照片太多，一个文件放不下，请去掉一些照片。"]; }
    return [Core.result({ code: pack.office_code, name: pack.office }, now(), told, used), ""];
  }
  function save() {
    var made_ = resultText(), link, address;
    if (made_[0] === null) { return say(made_[1]); }
    address = URL.createObjectURL(new Blob([made_[0]], { type: "application/json" }));
    link = made("a", { href: address, download: "现场结果-" + now().slice(0, 16).replace("T", "-").replace(":", "") + ".json" });
    document.body.appendChild(link);
    link.click();
    link.remove();
    isUnsaved = false;
    window.setTimeout(function () { URL.revokeObjectURL(address); }, 60000);
    say("已生成，在手机的“下载”里，发回单位电脑读入");
  }

  by("back").addEventListener("click", showList);
  by("save").addEventListener("click", save);
  window.addEventListener("beforeunload", function (event) {
    if (isUnsaved && !store) { event.preventDefault(); event.returnValue = ""; }
  });
  pack.pages.forEach(function (page) { sheets[page.code] = blank(page.code); });
  openStore(function (found) {
    store = found;
    if (!store) { say("没有存在本机，请勿关闭页面"); return showList(); }
    store.all(function (kept) {
      Object.keys(kept).forEach(function (name) {
        if (name.indexOf("picture:") === 0) { shots[name.slice(8)] = kept[name]; }
        if (name.indexOf("sheet:") === 0 && sheets[name.slice(6)]) { sheets[name.slice(6)] = kept[name]; }
      });
      say("内容随填随存在本机");
      showList();
    });
  });
})();
