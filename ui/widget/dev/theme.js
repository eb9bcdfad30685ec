// ?t=dark and ?dir=rtl switch the page, as in the mock-ups.
const query = new URLSearchParams(location.search);
if (query.get('t')) document.documentElement.dataset.theme = query.get('t');
if (query.get('dir')) document.documentElement.dir = query.get('dir');
if (query.get('lang')) document.documentElement.lang = query.get('lang');
